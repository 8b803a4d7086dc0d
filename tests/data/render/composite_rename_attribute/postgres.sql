ALTER TYPE "address" RENAME ATTRIBUTE "zip" TO "post code";
