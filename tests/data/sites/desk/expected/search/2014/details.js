{
 "2014/details": {
  "of": "d208a0f7",
  "summaries": [
   ""
  ],
  "actors": [
   [
    [
     0,
     0
    ]
   ]
  ],
  "sources": [
   []
  ],
  "used": {
   "actors": [
    "guterres"
   ],
   "roles": [
    "speaker"
   ],
   "sources": []
  }
 }
}
