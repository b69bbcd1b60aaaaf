//! Making an expression's type agree with the one wanted. Nothing is converted: the only freedom is that a text whose
//! value is known (a literal, a setting) may be a value of an enumeration that lists it.

use super::{Result, TypeErrorKind, fail, wrong};
use crate::{
    typed::{Node, Typed},
    types::Type,
    value::Value,
};

/// The expression as a `wanted`.
pub(super) fn fit(typed: Typed, wanted: &Type) -> Result<Typed> {
    if typed.ty == *wanted {
        return Ok(typed);
    }
    let Typed { node, ty, at } = typed;
    let retyped = |node| {
        Ok(Typed {
            node,
            ty: wanted.clone(),
            at,
        })
    };
    let textual = is_textual(&ty) && is_textual(wanted);
    match node {
        Node::Const(ref value) | Node::Setting(_, ref value) if textual => match stranger(value, wanted) {
            None if value.is_a(wanted) => retyped(node),
            None => wrong(at, &wanted.to_string(), ty),
            Some(value) => fail(
                at,
                TypeErrorKind::UnknownEnumValue {
                    value,
                    expected: wanted.clone(),
                },
            ),
        },
        Node::If(condition, then, otherwise) if textual => {
            let then = Box::new(fit(*then, wanted)?);
            let otherwise = Box::new(fit(*otherwise, wanted)?);
            retyped(Node::If(condition, then, otherwise))
        }
        Node::List(elements) if textual => {
            let Type::List(element) = wanted else {
                return wrong(at, &wanted.to_string(), ty);
            };
            let elements = elements
                .into_iter()
                .map(|e| fit(e, element))
                .collect::<Result<_>>()?;
            retyped(Node::List(elements))
        }
        _ => wrong(at, &wanted.to_string(), ty),
    }
}

/// Both expressions with one type.
pub(super) fn alike(left: Typed, right: Typed) -> Result<(Typed, Typed)> {
    let left_leads = matches!(left.ty, Type::Enum(_)) || !matches!(right.ty, Type::Enum(_));
    let both_enums = matches!((&left.ty, &right.ty), (Type::Enum(_), Type::Enum(_)));
    if both_enums && left.ty != right.ty {
        // A setting of a narrower enumeration may stand on either side.
        return match fit(right.clone(), &left.ty) {
            Ok(right) => Ok((left, right)),
            Err(error) => fit(left, &right.ty).map(|left| (left, right)).map_err(|_| error),
        };
    }
    if left_leads {
        let right = fit(right, &left.ty)?;
        Ok((left, right))
    } else {
        let left = fit(left, &right.ty)?;
        Ok((left, right))
    }
}

fn is_textual(ty: &Type) -> bool {
    match ty {
        Type::Text | Type::Enum(_) => true,
        Type::List(element) => matches!(**element, Type::Text | Type::Enum(_)),
        Type::Bool | Type::Int | Type::Money | Type::Percent | Type::Date => false,
    }
}

/// The first text of `value` that is not one of the enumeration wanted.
fn stranger(value: &Value, wanted: &Type) -> Option<String> {
    match (value, wanted) {
        (Value::Text(text), Type::Enum(values)) => (!values.contains(text)).then(|| text.clone()),
        (Value::List(elements), Type::List(element)) => {
            elements.iter().find_map(|value| stranger(value, element))
        }
        _ => None,
    }
}
