DELIMITER //
CREATE PROCEDURE raise_prices(IN percent INT)
BEGIN
  DECLARE done INT DEFAULT 0;
  DECLARE product INT;
  DECLARE every_product CURSOR FOR SELECT id FROM products ORDER BY id;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;
  OPEN every_product;
  each_one: LOOP
    FETCH every_product INTO product;
    IF done = 1 THEN
      LEAVE each_one;
    END IF;
    CASE
      WHEN percent > 0 THEN UPDATE products SET price = price + price * percent DIV 100 WHERE id = product;
      ELSE BEGIN END;
    END CASE;
  END LOOP each_one;
  CLOSE every_product;
END //
DELIMITER ;
