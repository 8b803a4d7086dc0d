//! The kinds of change.

use dunlin::prelude::*;

use super::forms::Form;

/// A change of the column `a`, or of something beside it.
pub(super) struct Change {
    pub(super) name: &'static str,
    pub(super) fits: fn(&Form) -> bool,
    pub(super) record: fn(&mut Ops, &str, &Form),
    /// What it makes of the column; none where it is about something else.
    pub(super) becomes: Option<fn(&mut Form)>,
    /// What the column is called then.
    pub(super) column: &'static str,
    /// What the table's name ends with then.
    pub(super) suffix: &'static str,
    /// Whether the value is written otherwise then, and is the same one.
    pub(super) converts: fn(&Form) -> bool,
    /// Whether its undo can't bring the value back.
    pub(super) loses: bool,
}

const fn of(
    name: &'static str,
    fits: fn(&Form) -> bool,
    becomes: fn(&mut Form),
    record: fn(&mut Ops, &str, &Form),
) -> Change {
    Change { becomes: Some(becomes), ..beside(name, fits, record) }
}

const fn beside(name: &'static str, fits: fn(&Form) -> bool, record: fn(&mut Ops, &str, &Form)) -> Change {
    Change { name, fits, record, becomes: None, column: "a", suffix: "", converts: |_| false, loses: false }
}

fn all(_: &Form) -> bool {
    true
}

fn is_plain(form: &Form) -> bool {
    form.generated.is_empty()
}

pub(super) const CHANGES: &[Change] = &[
    Change { column: "c", ..of("rename", all, |_| {}, |op, t, _| op.rename_column(t, "a", "c")) },
    of(
        "set not null",
        |form| form.null.is_empty(),
        |form| form.null = "NOT NULL",
        |op, t, _| {
            op.alter_column(t, "a").not_null();
        },
    ),
    of(
        "drop not null",
        |form| form.null == "NOT NULL",
        |form| form.null = "",
        |op, t, _| {
            op.alter_column(t, "a").nullable();
        },
    ),
    of(
        "set default number",
        |form| is_plain(form) && form.is_number(),
        |form| form.default = "DEFAULT 5",
        |op, t, _| {
            op.alter_column(t, "a").default(5);
        },
    ),
    of(
        "set default text",
        |form| is_plain(form) && form.is_short_text(),
        |form| form.default = "DEFAULT 'w'",
        |op, t, _| {
            op.alter_column(t, "a").default("w");
        },
    ),
    of(
        "set default expression",
        |form| is_plain(form) && form.is_number(),
        |form| form.default = "DEFAULT (4 + 4)",
        |op, t, _| {
            op.alter_column(t, "a").default(sql("4 + 4"));
        },
    ),
    of(
        "drop default",
        |form| !form.default.is_empty(),
        |form| form.default = "",
        |op, t, _| {
            op.alter_column(t, "a").drop_default();
        },
    ),
    of(
        "set comment",
        all,
        |form| form.comment = "COMMENT 'another'",
        |op, t, _| {
            op.alter_column(t, "a").comment("another");
        },
    ),
    of(
        "drop comment",
        |form| !form.comment.is_empty(),
        |form| form.comment = "",
        |op, t, _| {
            op.alter_column(t, "a").drop_comment();
        },
    ),
    Change {
        converts: |_| true,
        ..of(
            "widen type",
            |form| !form.wider.is_empty(),
            |form| form.ty = form.wider,
            |op, t, form| {
                op.alter_column(t, "a").set_type(native(form.wider));
            },
        )
    },
    Change {
        converts: |form| !form.text.is_empty(),
        ..of(
            "collation",
            |form| form.is_text(),
            |form| form.text = "COLLATE utf8mb4_unicode_ci",
            |op, t, form| {
                let alter = op.alter_column(t, "a");
                let alter = if form.text.contains("latin1") { alter.charset("utf8mb4") } else { alter };
                alter.collate("utf8mb4_unicode_ci");
            },
        )
    },
    of(
        "hide",
        |form| !form.more.contains("INVISIBLE"),
        hide,
        |op, t, _| {
            op.alter_column(t, "a").invisible();
        },
    ),
    of(
        "show",
        |form| form.more == "INVISIBLE",
        |form| form.more = "",
        |op, t, _| {
            op.alter_column(t, "a").visible();
        },
    ),
    of(
        "drop on update",
        |form| !form.on_update.is_empty(),
        |form| form.on_update = "",
        |op, t, _| {
            op.alter_column(t, "a").drop_on_update();
        },
    ),
    of(
        "set on update",
        |form| form.ty == "datetime" && form.on_update.is_empty(),
        |form| form.on_update = "ON UPDATE CURRENT_TIMESTAMP",
        |op, t, _| {
            op.alter_column(t, "a").on_update_to("CURRENT_TIMESTAMP");
        },
    ),
    of(
        "make plain",
        |form| !is_plain(form),
        |form| form.generated = "",
        |op, t, _| {
            op.alter_column(t, "a").drop_generated();
        },
    ),
    of(
        "number no more",
        |form| form.more == "AUTO_INCREMENT",
        |form| form.more = "",
        |op, t, _| {
            op.alter_column(t, "a").drop_identity();
        },
    ),
    beside("add a column behind it", all, |op, t, _| _ = op.add_column(t, "c", integer()).after("a")),
    beside("add a column first", all, |op, t, _| {
        _ = op.add_column(t, "c", varchar(9).not_null().default("x")).first()
    }),
    beside("drop a column", all, |op, t, _| _ = op.drop_column(t, "b")),
    beside("alter a column's type", all, |op, t, _| _ = op.alter_column(t, "b").set_type(varchar(300))),
    beside("rename a column", all, |op, t, _| op.rename_column(t, "b", "c")),
    beside("add an index", all, |op, t, _| _ = op.create_index(t, ["b"])),
    beside(
        "index it",
        |form| form.is_number() || form.is_short_text(),
        |op, t, _| {
            op.create_index(t, ["a"]).named("new_index");
        },
    ),
    beside("add a unique constraint", all, |op, t, _| _ = op.add_unique(t, ["b"])),
    beside("add a check", all, |op, t, _| _ = op.add_check(t, "`n` > 0")),
    beside("replace the primary key", all, |op, t, _| {
        op.drop_primary_key(t);
        op.add_primary_key(t, ["id", "n"]);
    }),
    beside("comment on the table", all, |op, t, _| op.set_table_comment(t, "a remark")),
    beside("set the row format", all, |op, t, _| {
        let options = TableOptions {
            row_format: Some("DYNAMIC".into()),
            charset: Some("utf8mb4".into()),
            ..TableOptions::default()
        };
        op.set_table_options(t, options);
    }),
    Change {
        suffix: "_renamed",
        ..beside("rename the table", all, |op, t, _| op.rename_table(t, format!("{t}_renamed")))
    },
];

fn hide(form: &mut Form) {
    form.more = match form.more {
        "AUTO_INCREMENT" => "INVISIBLE AUTO_INCREMENT",
        "COLUMN_FORMAT FIXED" => "COLUMN_FORMAT FIXED INVISIBLE",
        "STORAGE DISK" => "STORAGE DISK INVISIBLE",
        "NOT SECONDARY" => "NOT SECONDARY INVISIBLE",
        _ => "INVISIBLE",
    };
}
