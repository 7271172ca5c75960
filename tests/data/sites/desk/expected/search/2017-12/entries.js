{
 "2017-12/entries": {
  "of": "8a23c33f",
  "entries": [
   [
    "q",
    0,
    "My offices are available.",
    "notes/offer/#quotation-3db78826",
    "2017-12-15",
    "António Guterres",
    0
   ],
   [
    "e",
    1,
    "The UN has made its offer",
    "notes/reply/",
    "2017-12-15/2017-12-16",
    "",
    0
   ],
   [
    "f",
    0,
    "Launches: 20 (2017)",
    "figures/launches/",
    "2017-12-15",
    "",
    0
   ],
   [
    "f",
    0,
    "Fuel imported: 4,000 tonnes",
    "figures/fuel/",
    "2017-12-14",
    "",
    0
   ],
   [
    "f",
    1,
    "Launches: 20 (December 2017)",
    "figures/launches/",
    "2017-12-20",
    "",
    0
   ]
  ]
 }
}
