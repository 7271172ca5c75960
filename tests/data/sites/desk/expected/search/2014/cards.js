{
 "2014/cards": {
  "of": "d208a0f7",
  "ids": [
   "refugees"
  ],
  "titles": [
   "A camp is full"
  ],
  "dates": [
   "2014-05-02"
  ],
  "kinds": [
   0
  ],
  "markings": "0",
  "topics": [
   [
    0
   ]
  ],
  "used": {
   "topics": [
    "korea"
   ],
   "kinds": [
    "brief"
   ]
  }
 }
}
