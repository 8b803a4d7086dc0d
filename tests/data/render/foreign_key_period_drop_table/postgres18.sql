DROP TABLE "stays";
DROP TABLE "rooms";
