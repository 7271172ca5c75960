{
 "records": {
  "topics": [],
  "actors": [],
  "sources": [],
  "kinds": [
   [
    "brief",
    "Brief"
   ]
  ],
  "roles": []
 }
}
