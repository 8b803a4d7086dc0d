DROP TYPE "address";
