DROP TABLE "bill";
