//! What the rows of functions and procedures mean.

use dunlin_dsl::{
    Argument, ArgumentMode, ColumnType, Definition, Expr, Float, Parallel, Returns, Routine, Row, Security,
    Volatility,
};

use super::{elements, texts};
use crate::postgres::introspect::{Reader, Tables};
use crate::postgres::object::default_cost;

/// The mode of a column of a result that is a table.
const COLUMN: &str = "t";

pub(super) fn routine(reader: &Reader<'_>, _: &Tables, row: &Row) -> Option<Definition> {
    let is_procedure = row.bool(5);
    let language = row.text(6).filter(|language| language != "sql");
    let (modes, names, defaults) = (texts(row, 18), elements(row, 19), elements(row, 21));
    let mut args = Vec::new();
    let mut columns = Vec::new();
    for (at, ty) in texts(row, 20).into_iter().enumerate() {
        let name = names.get(at).cloned().flatten().unwrap_or_default();
        let mode = match modes.get(at).map(String::as_str) {
            Some(COLUMN) => {
                columns.push((name, ColumnType::Native(ty)));
                continue;
            }
            Some("o") => ArgumentMode::Out,
            Some("b") => ArgumentMode::InOut,
            Some("v") => ArgumentMode::Variadic,
            _ => ArgumentMode::In,
        };
        let default = defaults.get(at).cloned().flatten().map(Expr::Sql);
        args.push(Argument { name, ty: ColumnType::Native(ty), mode, default });
    }
    let goes_out = args.iter().any(|arg| matches!(arg.mode, ArgumentMode::Out | ArgumentMode::InOut));
    let result = ColumnType::Native(row.text(17).unwrap_or_default());
    let is_set = row.bool(16);
    let returns = match (is_set, columns.is_empty()) {
        (_, false) => Some(Returns::Table(columns)),
        (true, true) => Some(Returns::SetOf(result)),
        (false, true) => (!is_procedure && !goes_out).then_some(Returns::Type(result)),
    };
    let number = |at: usize| row.text(at).and_then(|text| text.parse().ok()).map(Float);
    let cost = number(13).filter(|cost| *cost != default_cost(language.as_deref()));
    let settings = texts(row, 15);
    let settings = settings.iter().filter_map(|setting| setting.split_once('='));
    let routine = Routine {
        args,
        returns,
        body: Expr::Sql(row.text(7).unwrap_or_default()),
        volatility: match row.text(8).as_deref() {
            Some("i") => Volatility::Immutable,
            Some("s") => Volatility::Stable,
            _ => Volatility::Volatile,
        },
        strict: row.bool(9),
        leakproof: row.bool(10),
        parallel: match row.text(11).as_deref() {
            Some("s") => Parallel::Safe,
            Some("r") => Parallel::Restricted,
            _ => Parallel::Unsafe,
        },
        security: row.bool(12).then_some(Security::Definer),
        cost,
        rows: number(14).filter(|rows| is_set && *rows != Float(1000.0)),
        settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        support: row.text(24).map(|_| reader.name(row, 23)),
        data_access: None,
        language,
    };
    Some(if is_procedure { Definition::Procedure(routine) } else { Definition::Function(routine) })
}

/// The types of the arguments that go in.
pub(super) fn signature(of: &Routine) -> Vec<ColumnType> {
    let goes_in = of.args.iter().filter(|arg| arg.mode != ArgumentMode::Out);
    goes_in.map(|arg| arg.ty.clone()).collect()
}
