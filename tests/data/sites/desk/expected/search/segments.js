{
 "segments": {
  "segments": [
   [
    "2017-12",
    "8a23c33f",
    2,
    1,
    true
   ],
   [
    "2014",
    "d208a0f7",
    1,
    1,
    false
   ],
   [
    "pages",
    "57b28313",
    3,
    1,
    false
   ]
  ]
 }
}
