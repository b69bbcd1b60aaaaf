//! The signatures of the functions.

use super::{Checker, Given, Result, TypeErrorKind, fail, fit, typed, wrong};
use crate::{
    position::Position,
    syntax::{Expr, ExprKind, Literal},
    typed::{Function, Node, Typed},
    types::Type,
};

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        arguments: &[Expr],
        at: Position,
        given: &Given,
    ) -> Result<Typed> {
        let fixed = |function, parameters: &'static [Type], count, result| Signature {
            function,
            parameters,
            count,
            result,
        };
        let signature = match name {
            "lookup" => return self.lookup(arguments, at, given),
            "min" => return self.extreme(Function::Min, name, arguments, at, given),
            "max" => return self.extreme(Function::Max, name, arguments, at, given),
            "sum" => return self.sum(arguments, at, given),
            "size" => return self.size(arguments, at, given),
            "count" => return self.count(arguments, at, given),
            "share" => fixed(
                Function::Share,
                &[Type::Money, Type::Percent],
                "an amount and a percentage",
                Type::Money,
            ),
            "age" => fixed(
                Function::Age,
                &[Type::Date, Type::Date],
                "a birth date and a date",
                Type::Int,
            ),
            "year" => fixed(Function::Year, &[Type::Date], "a date", Type::Int),
            "month" => fixed(Function::Month, &[Type::Date], "a date", Type::Int),
            "day" => fixed(Function::Day, &[Type::Date], "a date", Type::Int),
            "days_between" => fixed(
                Function::DaysBetween,
                &[Type::Date, Type::Date],
                "two dates",
                Type::Int,
            ),
            "add_days" => fixed(
                Function::AddDays,
                &[Type::Date, Type::Int],
                "a date and a number",
                Type::Date,
            ),
            "add_months" => fixed(
                Function::AddMonths,
                &[Type::Date, Type::Int],
                "a date and a number",
                Type::Date,
            ),
            _ => return fail(at, TypeErrorKind::UnknownFunction(name.to_owned())),
        };
        if arguments.len() != signature.parameters.len() {
            return arity(at, name, signature.count, arguments.len());
        }
        let arguments = arguments
            .iter()
            .zip(signature.parameters)
            .map(|(argument, parameter)| fit::fit(self.value(argument, given)?, parameter))
            .collect::<Result<Vec<_>>>()?;
        Ok(typed(
            Node::Call(signature.function, arguments),
            signature.result,
            at,
        ))
    }

    fn extreme(
        &mut self,
        function: Function,
        name: &str,
        arguments: &[Expr],
        at: Position,
        given: &Given,
    ) -> Result<Typed> {
        let [first, rest @ ..] = arguments else {
            return arity(at, name, "two values or more", 0);
        };
        if rest.is_empty() {
            return arity(at, name, "two values or more", 1);
        }
        let first = self.value(first, given)?;
        let ty = first.ty.clone();
        if !ty.is_ordered() {
            return wrong(first.at, "int, money, percent or date", ty);
        }
        let mut values = vec![first];
        for argument in rest {
            values.push(fit::fit(self.value(argument, given)?, &ty)?);
        }
        Ok(typed(Node::Call(function, values), ty, at))
    }

    fn sum(&mut self, arguments: &[Expr], at: Position, given: &Given) -> Result<Typed> {
        let [list] = arguments else {
            return arity(at, "sum", "a list", arguments.len());
        };
        let list = self.value(list, given)?;
        let (function, ty) = match &list.ty {
            Type::List(element) if **element == Type::Int => (Function::SumInts, Type::Int),
            Type::List(element) if **element == Type::Money => (Function::SumMoney, Type::Money),
            _ => return wrong(list.at, "list(int) or list(money)", list.ty),
        };
        Ok(typed(Node::Call(function, vec![list]), ty, at))
    }

    fn size(&mut self, arguments: &[Expr], at: Position, given: &Given) -> Result<Typed> {
        let [list] = arguments else {
            return arity(at, "size", "a list", arguments.len());
        };
        let list = self.value(list, given)?;
        if !matches!(list.ty, Type::List(_)) {
            return wrong(list.at, "a list", list.ty);
        }
        Ok(typed(Node::Call(Function::Size, vec![list]), Type::Int, at))
    }

    fn count(&mut self, arguments: &[Expr], at: Position, given: &Given) -> Result<Typed> {
        let [within, value] = arguments else {
            return arity(at, "count", "a list and a value", arguments.len());
        };
        let (value, within) = super::member_of(self.value(value, given)?, self.value(within, given)?)?;
        Ok(typed(
            Node::Call(Function::Count, vec![within, value]),
            Type::Int,
            at,
        ))
    }

    fn lookup(&mut self, arguments: &[Expr], at: Position, given: &Given) -> Result<Typed> {
        let (name, key, default) = match arguments {
            [name, key] => (name, key, None),
            [name, key, default] => (name, key, Some(default)),
            _ => {
                return arity(
                    at,
                    "lookup",
                    "a table, a key and perhaps a value",
                    arguments.len(),
                );
            }
        };
        let ExprKind::Literal(Literal::Text(table_name)) = &name.kind else {
            return fail(name.at, TypeErrorKind::TableName);
        };
        let Some(table) = self.scope.tables.get(table_name).cloned() else {
            return fail(name.at, TypeErrorKind::UnknownTable(table_name.clone()));
        };
        let key = fit::fit(self.value(key, given)?, &table.key)?;
        let default = match default {
            Some(default) => Some(Box::new(fit::fit(self.value(default, given)?, &table.value)?)),
            None if table.is_total() => None,
            None => return fail(at, TypeErrorKind::LookupMayMiss(table_name.clone())),
        };
        let ty = table.value.clone();
        Ok(typed(Node::Lookup(table, Box::new(key), default), ty, at))
    }
}

struct Signature {
    function: Function,
    parameters: &'static [Type],
    /// The parameters in words.
    count: &'static str,
    result: Type,
}

fn arity<T>(at: Position, function: &str, expected: &'static str, found: usize) -> Result<T> {
    fail(
        at,
        TypeErrorKind::ArgumentCount {
            function: function.to_owned(),
            expected,
            found,
        },
    )
}
