CREATE TYPE "taste" AS ENUM ('sweet', 'sour');
