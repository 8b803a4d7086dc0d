ALTER TYPE "place" RENAME ATTRIBUTE "number" TO "house_number";
