//! Migrations of a small shop, which the tests of the engine and of the command line share.

pub mod large;

use dunlin::Connection;
use dunlin::prelude::*;

/// A migration from its id and a closure that records its way up.
pub struct Step<U>(pub &'static str, pub U);

impl<U: Fn(&mut Ops) + Send + Sync> Migration for Step<U> {
    fn id(&self) -> &str {
        self.0
    }

    fn up(&self, op: &mut Ops) {
        self.1(op);
    }
}

/// The same with a closure that records its way down.
pub struct BothWays<U, D>(pub &'static str, pub U, pub D);

impl<U: Fn(&mut Ops) + Send + Sync, D: Fn(&mut Ops) + Send + Sync> Migration for BothWays<U, D> {
    fn id(&self) -> &str {
        self.0
    }

    fn up(&self, op: &mut Ops) {
        self.1(op);
    }

    fn down(&self, op: &mut Ops) {
        self.2(op);
    }
}

/// Defines a migration that has no more than a way up.
macro_rules! migration {
    ($(#[$doc:meta])* $name:ident, $id:literal, |$op:ident| $up:block) => {
        $(#[$doc])*
        pub struct $name;

        impl Migration for $name {
            fn id(&self) -> &str {
                $id
            }

            fn up(&self, $op: &mut Ops) $up
        }
    };
}

migration!(
    /// A table with a key of its own.
    CreateUsers, "20261122_071300_create_users", |op| {
        op.create_table("users")
            .col("id", char(36).primary_key())
            .col("first_name", varchar(255))
            .col("email", varchar(255).not_null().unique())
            .col("is_admin", boolean().not_null().default(false));
    }
);

migration!(
    /// A table that refers to another.
    CreatePosts, "20261122_080000_create_posts", |op| {
        op.create_table("posts")
            .col("id", bigint().identity().primary_key())
            .col("user_id", char(36).not_null().references("users", "id"))
            .col("title", varchar(200).not_null());
        op.create_index("posts", ["title"]);
    }
);

migration!(
    /// Columns, and rows that need them.
    AddProfile, "20261123_090000_add_profile", |op| {
        op.add_column("users", "bio", text());
        op.add_column("users", "age", integer().not_null().default(18));
        op.bulk_insert(
            "users",
            ["id", "email", "bio"],
            [["7a1e4a52-77f5-4a0e-9b0a-5d2f3f0c1c11", "ada@example.org", "it's \"quoted\" \\ ü"]],
        );
    }
);

migration!(
    /// Changes of what is there.
    ChangePosts, "20261123_100000_change_posts", |op| {
        op.alter_column("posts", "title").set_type(varchar(300)).default("untitled");
        op.rename_column("posts", "title", "headline");
        op.add_column("posts", "status", enumeration(["draft", "live"]).not_null().default("draft"));
    }
);

migration!(
    /// A drop, which comes back whole.
    DropProfile, "20261124_110000_drop_profile", |op| {
        op.drop_column("users", "bio");
        op.rename_table("posts", "articles");
    }
);

/// All of them.
pub struct Shop;

impl Migrations for Shop {
    fn migrations() -> MigrationList {
        migrations![CreateUsers, CreatePosts, AddProfile, ChangePosts, DropProfile]
    }
}

migration!(
    /// SQL of one's own, of whom nobody knows what it does.
    PricePosts, "20261125_120000_price_posts", |op| {
        op.execute("ALTER TABLE articles ADD COLUMN price integer").undo("ALTER TABLE articles DROP COLUMN price");
    }
);

migration!(
    /// A change of what that SQL may have changed.
    WidenHeadline, "20261126_130000_widen_headline", |op| {
        op.alter_column("articles", "headline").set_type(varchar(400));
    }
);

migration!(
    /// Code in place of SQL.
    SetPrices, "20261127_140000_set_prices", |op| {
        op.run(Prices);
    }
);

/// A data step.
struct Prices;

#[async_trait::async_trait]
impl DataStep for Prices {
    fn name(&self) -> &str {
        "prices"
    }

    async fn run(&self, conn: &mut dyn Connection) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        conn.execute("UPDATE articles SET price = 1").await?;
        Ok(())
    }
}

/// The shop's, and such as a script in SQL can't have, or not without a look at the database.
pub struct Sale;

impl Migrations for Sale {
    fn migrations() -> MigrationList {
        let mut list = Shop::migrations();
        list.push(PricePosts);
        list.push(WidenHeadline);
        list.push(SetPrices);
        list
    }
}
