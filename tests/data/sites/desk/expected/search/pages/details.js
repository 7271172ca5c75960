{
 "pages/details": {
  "of": "57b28313",
  "summaries": [
   "The world organisation.",
   "Who we are.",
   ""
  ]
 }
}
