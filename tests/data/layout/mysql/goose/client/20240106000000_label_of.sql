DELIMITER //
CREATE FUNCTION label_of(amount INT) RETURNS VARCHAR(20) DETERMINISTIC
BEGIN
  DECLARE label VARCHAR(20) DEFAULT 'few; or none';
  WHILE amount > 10 DO
    SET label = 'many', amount = 0;
  END WHILE;
  RETURN label;
END //
DELIMITER ;
