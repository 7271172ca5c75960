{
 "segments": {
  "segments": [
   [
    "2017-12",
    "7692c3ad",
    1,
    1,
    false
   ]
  ]
 }
}
