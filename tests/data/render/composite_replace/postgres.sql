ALTER TYPE "address" DROP ATTRIBUTE "street", ADD ATTRIBUTE "code" integer;
