-- dunlin: revises 27c6a30d7c24_posts
CREATE TABLE pets (id integer PRIMARY KEY);
