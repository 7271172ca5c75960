{
 "records": {
  "topics": [],
  "actors": [],
  "sources": [],
  "kinds": [],
  "roles": []
 }
}
