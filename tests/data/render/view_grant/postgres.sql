GRANT SELECT ON TABLE "adults" TO "app";
