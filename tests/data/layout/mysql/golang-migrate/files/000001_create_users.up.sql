# Everyone who buys.
CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(50) NOT NULL DEFAULT 'it\'s; nobody') ENGINE=InnoDB COMMENT='users -- and more';
