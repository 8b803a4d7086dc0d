//! What means nothing, and is refused.

use super::*;

/// What was written is refused where it means nothing, with the words of whoever wrote it.
#[test]
fn what_means_nothing_is_refused() {
    refused(|op| _ = op.create_table("t"), "can't create table t: a table needs a column");
    refused(|op| _ = op.create_table("").col("a", text()), "can't create table : a table needs a name");
    refused(
        |op| _ = op.create_table(("", "t")).col("a", text()),
        "can't create table .t: a schema needs a name",
    );
    type Write = fn(TableSpec<'_>);
    let table: [(Write, &str); 25] = [
        (|t| _ = t.col("", text()), "a column needs a name"),
        (|t| _ = t.col("id", text()), "it has the column id twice"),
        (|t| _ = t.primary_key("a"), "it has two primary keys"),
        (|t| _ = t.col("a", text().primary_key()).primary_key("a"), "it has two primary keys"),
        (|t| _ = t.unique(["a"]), "a key names the column a, which it hasn't"),
        (|t| _ = t.unique(Vec::<String>::new()), "a unique constraint needs a column"),
        (|t| _ = t.unique(["id", "id"]), "a unique constraint names the column id twice"),
        (
            |t| _ = t.foreign_key(["id"], "u", ["a", "b"]),
            "a foreign key refers with 1 columns to 2 of table u",
        ),
        (|t| _ = t.foreign_key("id", "", "a"), "a table needs a name"),
        (|t| _ = t.index("a"), "an index names the column a, which it hasn't"),
        (|t| _ = t.index(Vec::<String>::new()), "an index needs a key"),
        (
            |t| _ = t.index(super::index("id").nulls_not_distinct()),
            "only a unique index asks whether two NULLs are the same",
        ),
        (|t| _ = t.index(super::index("id").filter(" ")), "the condition of the index is empty"),
        (
            |t| _ = t.index(super::index("id").named("i")).index(super::index("id").named("i")),
            "it has the index i twice",
        ),
        (|t| _ = t.check("a").named("c").check("b").named("c"), "it has the constraint c twice"),
        (|t| _ = t.check(""), "the condition of a check is empty"),
        (|t| _ = t.check("a").named(""), "a check needs a name"),
        (|t| _ = t.named("x"), "there is no constraint before .named(\"x\") that it could name"),
        (|t| _ = t.unique("id").on_delete(Action::Cascade), ".on_delete(..) doesn't follow .foreign_key(..)"),
        (
            |t| _ = t.check("a").deferrable(),
            "a deferral doesn't follow .foreign_key(..), .unique(..), .primary_key(..) or .exclude(..)",
        ),
        (|t| _ = t.check("a").include("id"), ".include(..) follows neither .unique(..) nor .primary_key(..)"),
        (|t| _ = t.col("a", enumeration([""; 0])), "column a: it allows no value at all"),
        (|t| _ = t.col("a", enumeration(["x", "x"])), "column a: it names the value \"x\" twice"),
        (|t| _ = t.col("a", native(" ")), "column a: a type needs a name"),
        (
            |t| _ = t.col("a", per_dialect([(DialectSet::default(), text())])),
            "column a: its type names no dialect",
        ),
    ];
    for (write, expected) in table {
        let expected = format!("can't create table t: {expected}");
        refused(|op| write(op.create_table("t").col("id", integer().primary_key().named("k"))), &expected);
    }
    let column: [(ColumnSpec, &str); 14] = [
        (text().unsigned(), "text can't be unsigned"),
        (text().precision(3), "text has no digits of a second"),
        (time().precision(7), "a second has no more than 6 digits after its point, not 7"),
        (text().srid(1), "text has no spatial reference system"),
        (text().named("x"), "there is no constraint before .named(\"x\") that it could name"),
        (text().on_update(Action::Cascade), ".on_update(..) doesn't follow .references(..)"),
        (text().deferrable(), "only .references(..) and .unique() can be followed by a deferral"),
        (text().check("a").nulls_not_distinct(), ".nulls_not_distinct() doesn't follow .unique()"),
        (
            array(text().not_null()),
            "an array's element is a type and no more, and what follows the type would be lost",
        ),
        (integer().identity().default(1), "it is numbered by the server, and has no default besides"),
        (
            integer().generated_stored("1").default(1),
            "it is computed from other columns, and has no value of its own besides",
        ),
        (text().default(sql("")), "its default is empty"),
        (text().default(PerDialect::<String>::default()), "its default names no dialect"),
        (text().collate(""), "its collation is empty"),
    ];
    for (spec, expected) in column {
        refused(
            |op| _ = op.create_table("t").col("c", spec),
            &format!("can't create table t: column c: {expected}"),
        );
    }
}

/// Operations on tables that exist are looked at as closely, those in a group too.
#[test]
fn operations_that_mean_nothing_are_refused() {
    type Record = fn(&mut Ops);
    let op: [(Record, &str); 25] = [
        (|op| _ = op.drop_table(""), "can't drop table : a table needs a name"),
        (|op| _ = op.drop_column("t", ""), "can't drop column t.: a column needs a name"),
        (|op| _ = op.drop_index("t", ""), "can't drop index  on table t: an index needs a name"),
        (
            |op| _ = op.drop_constraint("t", ConstraintKind::Check, ""),
            "can't drop check of table t: a constraint needs a name",
        ),
        (|op| op.rename_table("t", ""), "can't rename table t to : a table needs a name"),
        (|op| op.rename_column("t", "a", ""), "can't rename column t.a to : a column needs a name"),
        (|op| op.rename_index("t", "", "a"), "can't rename index  on table t to a: an index needs a name"),
        (|op| _ = op.add_column("t", "", text()), "can't add column t.: a column needs a name"),
        (
            |op| _ = op.add_column("t", "a", text()).after("a"),
            "can't add column t.a: it can't stand after itself",
        ),
        (|op| _ = op.add_column("t", "a", text().unsigned()), "can't add column t.a: text can't be unsigned"),
        (
            |op| _ = op.add_column("t", "a", text().unique()).if_not_exists(),
            "can't add column t.a: no server adds the constraints beside it only if it is new; add them by themselves",
        ),
        (
            |op| _ = op.alter_column("t", "a").set_type(text().not_null()),
            "can't alter type of column t.a: what a column is changed to is a type and no more, and what follows the type would be lost",
        ),
        (
            |op| _ = op.alter_column("t", "a").not_null().using("b"),
            "can't alter column t.a: .using(..) doesn't follow .set_type(..)",
        ),
        (
            |op| _ = op.alter_column("t", "a").default(sql(" ")),
            "can't alter default of column t.a: its default is empty",
        ),
        (
            |op| _ = op.add_unique("t", [""]),
            "can't add unique constraint t_key to table t: a column needs a name",
        ),
        (
            |op| _ = op.add_primary_key("t", [""; 0]),
            "can't add primary key t_pkey to table t: a primary key needs a column",
        ),
        (|op| _ = op.create_index("t", [""; 0]), "can't create index t_idx on table t: an index needs a key"),
        (|op| _ = op.execute(" "), "can't execute  : the SQL is empty"),
        (|op| _ = op.execute(Expr::from(1)), "can't execute 1: the literal 1 is no statement"),
        (|op| op.execute("A").undo(""), "can't execute A: the SQL is empty"),
        (|op| op.bulk_insert("t", [""; 0], [[1]]), "can't insert 1 rows into table t: a row needs a column"),
        (
            |op| op.bulk_insert("t", ["a", "a"], [[1, 2]]),
            "can't insert 1 rows into table t: a row names the column a twice",
        ),
        (
            |op| op.bulk_insert("t", "a", [[1, 2]]),
            "can't insert 1 rows into table t: row 1 gives 2 values for 1 columns",
        ),
        (|op| op.on(DialectSet::default(), |_| {}), "can't 0 operations on : it names no dialect"),
        (
            |op| op.on(SQLITE, |op| op.on(SQLITE | MYSQL, |op| _ = op.drop_table(""))),
            "can't drop table : a table needs a name",
        ),
    ];
    for (record, expected) in op {
        refused(record, expected);
    }
    refused(
        |op| op.on(SQLITE, |op| op.irreversible("no")),
        "can't 0 operations on sqlite: a way down is derived or irreversible as a whole, on every server",
    );
}
