ALTER TYPE "address" ALTER ATTRIBUTE "street" TYPE text;
