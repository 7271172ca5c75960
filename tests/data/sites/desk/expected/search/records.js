{
 "records": {
  "topics": [
   [
    "korea",
    "Korea",
    [],
    [],
    2,
    0
   ],
   [
    "talks",
    "Talks",
    [],
    [
     "korea"
    ],
    2,
    0
   ]
  ],
  "actors": [
   [
    "dprk",
    "North Korea",
    [],
    "state",
    1,
    0
   ],
   [
    "guterres",
    "António Guterres",
    [],
    "person",
    2,
    0
   ],
   [
    "kim",
    "Kim Jong Un",
    [],
    "person",
    1,
    0
   ],
   [
    "un",
    "United Nations",
    [],
    "organization",
    2,
    0
   ]
  ],
  "sources": [
   [
    "tass",
    "TASS",
    2,
    0
   ]
  ],
  "kinds": [
   [
    "brief",
    "Brief"
   ],
   [
    "wire",
    "Wire"
   ]
  ],
  "roles": [
   [
    "named",
    "named"
   ],
   [
    "speaker",
    "speaker"
   ]
  ]
 }
}
