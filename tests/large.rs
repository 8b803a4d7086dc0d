//! Migrations of the kind that large applications have: a search column that triggers maintain, an events table in
//! partitions with policies, an enum that changes twice. `docs/objects.md` shows them; a test holds the two together.

use dunlin::prelude::*;

/// Articles that can be searched, by a column that triggers maintain.
pub struct SearchArticles;

impl Migration for SearchArticles {
    fn id(&self) -> &str {
        "20260105_090000_search_articles"
    }

    fn up(&self, op: &mut Ops) {
        op.create_table("articles")
            .id()
            .col("title", varchar(200).not_null())
            .col("body", text().not_null())
            .timestamps();
        op.on(POSTGRES, |op| {
            op.add_column("articles", "search", native("tsvector"));
            op.create_index("articles", ["search"]).method("gin");
            op.create_function("articles_search")
                .returns_trigger()
                .language("plpgsql")
                .set("search_path", "pg_catalog")
                .body(
                    "BEGIN
                       NEW.search := setweight(to_tsvector('english', NEW.title), 'A')
                                  || setweight(to_tsvector('english', NEW.body), 'B');
                       RETURN NEW;
                     END",
                );
            op.create_trigger("articles_search", "articles")
                .before()
                .insert()
                .update_of(["title", "body"])
                .call("articles_search");
        });
        op.on(MYSQL | MARIADB, |op| {
            op.add_column("articles", "search", text());
            op.create_index("articles", ["search"]).method("fulltext");
            let body = "SET NEW.search = LOWER(CONCAT(NEW.title, ' ', NEW.body))";
            op.create_trigger("articles_search_insert", "articles").before().insert().body(body);
            op.create_trigger("articles_search_update", "articles").before().update().body(body);
        });
        op.on(SQLITE, |op| {
            op.add_column("articles", "search", text());
            let body = "BEGIN
                          UPDATE articles SET search = lower(new.title || ' ' || new.body) WHERE id = new.id;
                        END";
            op.create_trigger("articles_search_insert", "articles").after().insert().body(body);
            op.create_trigger("articles_search_update", "articles")
                .after()
                .update_of(["title", "body"])
                .body(body);
        });
    }
}

/// Events in partitions, of which each tenant sees its own.
pub struct PartitionEvents;

impl Migration for PartitionEvents {
    fn id(&self) -> &str {
        "20260212_100000_partition_events"
    }

    fn up(&self, op: &mut Ops) {
        op.on(POSTGRES, |op| {
            op.create_table("events")
                .col("tenant", text().not_null())
                .col("happened_at", timestamptz().not_null())
                .col("payload", jsonb().not_null())
                .primary_key(["tenant", "happened_at"])
                .partition_by_range(["happened_at"])
                .row_security()
                .comment("everything that happens");
            op.create_partition("events_2025", "events", Bound::range(["2025-01-01"], ["2026-01-01"]))
                .storage("fillfactor", "100");
            op.create_partition("events_2026", "events", Bound::range(["2026-01-01"], ["2027-01-01"]));
            op.create_partition("events_rest", "events", Bound::Default);
            op.create_index("events", ["payload"]).method("gin");
            op.create_policy("own_events", "events")
                .using("tenant = current_setting('app.tenant', true)")
                .with_check("tenant = current_setting('app.tenant', true)")
                .comment("a tenant sees and writes its own");
            op.create_statistics("events_of_tenants", "events", ["tenant", "happened_at"]).ndistinct();
            op.create_view(
                "recent_events",
                "SELECT * FROM events WHERE happened_at > now() - interval '7 days'",
            )
            .security_barrier();
        });
        op.on(MYSQL | MARIADB, |op| {
            op.create_table("events")
                .col("tenant", varchar(100).not_null())
                .col("happened_at", datetime().not_null())
                .col("payload", json().not_null())
                .primary_key(["tenant", "happened_at"])
                .partition_by_range(["happened_at"])
                .partition("events_2025", Bound::less_than(["2026-01-01"]))
                .partition("events_2026", Bound::less_than(["2027-01-01"]))
                .partition("events_rest", Bound::less_than([sql("MAXVALUE")]));
        });
        op.on(SQLITE, |op| {
            op.create_table("events")
                .col("tenant", text().not_null())
                .col("happened_at", timestamp().not_null())
                .col("payload", json().not_null())
                .primary_key(["tenant", "happened_at"]);
        });
    }
}

/// Orders, with a status among few.
pub struct CreateOrders;

impl Migration for CreateOrders {
    fn id(&self) -> &str {
        "20260301_110000_create_orders"
    }

    fn up(&self, op: &mut Ops) {
        let statuses = ["new", "paid", "lost", "shipped"];
        op.on(POSTGRES, |op| {
            op.create_enum("order_status", statuses).comment("from new to shipped");
            op.create_table("orders").id().col("status", native("order_status").not_null().default("new"));
        });
        op.on(SQLITE | MYSQL | MARIADB, |op| {
            op.create_table("orders").id().col("status", enumeration(statuses).not_null().default("new"));
        });
    }
}

/// The status changes once: there is one more.
pub struct AddPacked;

impl Migration for AddPacked {
    fn id(&self) -> &str {
        "20260302_110000_add_packed"
    }

    fn up(&self, op: &mut Ops) {
        op.on(POSTGRES, |op| {
            op.add_enum_value("order_status", "packed").after("paid");
        });
        op.on(SQLITE | MYSQL | MARIADB, |op| {
            let statuses = ["new", "paid", "packed", "lost", "shipped"];
            op.alter_column("orders", "status").set_type(enumeration(statuses));
        });
    }
}

/// And it changes again: one is gone.
pub struct DropLost;

impl Migration for DropLost {
    fn id(&self) -> &str {
        "20260303_110000_drop_lost"
    }

    fn up(&self, op: &mut Ops) {
        op.on(POSTGRES, |op| {
            op.drop_enum_value("order_status", "lost");
        });
        op.on(SQLITE | MYSQL | MARIADB, |op| {
            let statuses = ["new", "paid", "packed", "shipped"];
            op.alter_column("orders", "status").set_type(enumeration(statuses));
        });
    }
}

/// All of them.
pub struct Large;

impl Migrations for Large {
    fn migrations() -> MigrationList {
        migrations![SearchArticles, PartitionEvents, CreateOrders, AddPacked, DropLost]
    }
}
