{
 "2017-12/cards": {
  "of": "8a23c33f",
  "ids": [
   "offer",
   "reply"
  ],
  "titles": [
   "UN offers to mediate",
   "No reply"
  ],
  "dates": [
   "2017-12-16",
   "2017-12-20"
  ],
  "kinds": [
   0,
   1
  ],
  "markings": "00",
  "topics": [
   [
    0,
    1
   ],
   [
    0
   ]
  ],
  "used": {
   "topics": [
    "talks",
    "korea"
   ],
   "kinds": [
    "wire",
    "brief"
   ]
  }
 }
}
