-- bom
CREATE TABLE bom (id int);
