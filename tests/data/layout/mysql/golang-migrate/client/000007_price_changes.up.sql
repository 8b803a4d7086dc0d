CREATE TABLE price_changes (id INT AUTO_INCREMENT PRIMARY KEY, product_id INT NOT NULL, old_price INT, new_price INT, kind VARCHAR(20));
DELIMITER //
CREATE TRIGGER products_price BEFORE UPDATE ON products FOR EACH ROW
BEGIN
  IF NEW.price <> OLD.price THEN
    INSERT INTO price_changes (product_id, old_price, new_price, kind) VALUES (OLD.id, OLD.price, NEW.price,
      CASE WHEN NEW.price > OLD.price THEN 'dearer; sorry' ELSE 'cheaper' END);
  END IF;
END //
DELIMITER ;
