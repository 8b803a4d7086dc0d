ALTER VIEW "adults" RENAME TO "grown ups";
