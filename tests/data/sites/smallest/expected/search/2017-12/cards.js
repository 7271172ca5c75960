{
 "2017-12/cards": {
  "of": "7692c3ad",
  "ids": [
   "one"
  ],
  "titles": [
   "One note"
  ],
  "dates": [
   "2017-12-15"
  ],
  "kinds": [
   0
  ],
  "markings": "0",
  "topics": [
   []
  ],
  "used": {
   "topics": [],
   "kinds": [
    "brief"
   ]
  }
 }
}
