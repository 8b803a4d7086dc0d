ALTER TYPE "address" DROP ATTRIBUTE "zip", ALTER ATTRIBUTE "street" TYPE text, ADD ATTRIBUTE "city" text;
