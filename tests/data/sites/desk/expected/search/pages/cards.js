{
 "pages/cards": {
  "of": "57b28313",
  "urls": [
   "actors/un/",
   "about/",
   "topics/talks/"
  ],
  "titles": [
   "United Nations",
   "About",
   "Talks"
  ],
  "kinds": [
   0,
   1,
   3
  ],
  "markings": "000",
  "used": {
   "kinds": [
    "actor",
    "page",
    "source",
    "topic"
   ]
  }
 }
}
