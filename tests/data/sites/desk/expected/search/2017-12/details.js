{
 "2017-12/details": {
  "of": "8a23c33f",
  "summaries": [
   "Good offices.",
   ""
  ],
  "actors": [
   [
    [
     0,
     0
    ],
    [
     1,
     1
    ],
    [
     2,
     1
    ]
   ],
   [
    [
     3,
     1
    ],
    [
     1,
     1
    ]
   ]
  ],
  "sources": [
   [
    0
   ],
   [
    0
   ]
  ],
  "used": {
   "actors": [
    "guterres",
    "un",
    "kim",
    "dprk"
   ],
   "roles": [
    "speaker",
    "named"
   ],
   "sources": [
    "tass"
   ]
  }
 }
}
