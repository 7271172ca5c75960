{
 "2017-12/details": {
  "of": "7692c3ad",
  "summaries": [
   ""
  ],
  "actors": [
   []
  ],
  "sources": [
   []
  ],
  "used": {
   "actors": [],
   "roles": [],
   "sources": []
  }
 }
}
