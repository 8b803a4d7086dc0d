CREATE TABLE `we"ird ``table`` 'x';--` (
  `order "by"` int NOT NULL,
  `select` text,
  `größe_日本` int,
  `back\slash` int,
  PRIMARY KEY (`order "by"`),
  INDEX `i;dx" ``` (`größe_日本`)
);
