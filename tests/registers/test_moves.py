"""Moves as every room declares them."""

from app.registry import REGISTERS


def test_what_a_move_asks_for_has_a_shape_to_show_and_check() -> None:
    for register in REGISTERS:
        for move in (register.lifecycle.moves if register.lifecycle else {}).values():
            assert all(field.shape for field in move.form_fields), (register.name, move.label)
