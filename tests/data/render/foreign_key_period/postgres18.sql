ALTER TABLE "stays" ADD CONSTRAINT "stays_room" FOREIGN KEY ("house", PERIOD "during") REFERENCES "rooms" ("house", PERIOD "during");
