CREATE FUNCTION `halves`(`n` int(11), OUT `half` int(11)) RETURNS int(11) DETERMINISTIC
BEGIN SET half = n DIV 2; RETURN n - half; END;
