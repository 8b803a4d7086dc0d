ALTER PUBLICATION "news" SET (publish_via_partition_root = true);
