import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import shared_folder

from safelight.audit import tree

LEAVES = [
    bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
FIRST_ROOT = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
EIGHTH_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def _hash(text: str | None) -> bytes:
    return base64.b64decode(text) if text else b""


def _cases(kind: str) -> list[dict]:
    folder = shared_folder("testbeds") / "faults" / "rfc6962" / kind
    return [json.loads(path.read_text()) for path in sorted(folder.rglob("*.json"))]


@pytest.mark.requirement("I4")
@pytest.mark.goal("S5")
def test_accepts_exactly_the_right_inclusion_proofs_of_the_published_vectors():
    cases = _cases("inclusion")
    assert len(cases) == 98
    for case in cases:
        right = tree.proves_inclusion(
            leaf=_hash(case["leafHash"]),
            index=case["leafIdx"],
            size=case["treeSize"],
            proof=[_hash(item) for item in case["proof"] or []],
            root=_hash(case["root"]),
        )
        assert right is not case["wantErr"], case["desc"]


@pytest.mark.requirement("I4")
@pytest.mark.goal("S5")
def test_accepts_exactly_the_right_consistency_proofs_of_the_published_vectors():
    cases = _cases("consistency")
    assert len(cases) == 98
    for case in cases:
        right = tree.proves_consistency(
            first=case["size1"],
            second=case["size2"],
            first_root=_hash(case["root1"]),
            second_root=_hash(case["root2"]),
            proof=[_hash(item) for item in case["proof"] or []],
        )
        assert right is not case["wantErr"], case["desc"]


def test_makes_the_classic_roots():
    hashes = [tree.leaf_hash(leaf) for leaf in LEAVES]
    frontier = tree.Frontier()
    roots = []
    for leaf in hashes:
        frontier = frontier.append(leaf)
        roots.append(frontier.root.hex())
    assert (roots[0], roots[7]) == (FIRST_ROOT, EIGHTH_ROOT)
    assert roots == [tree.root_of(hashes[:size]).hex() for size in range(1, 9)]


def test_an_empty_tree_has_the_hash_of_nothing():
    assert tree.Frontier().root == tree.root_of([]) == tree.EMPTY_ROOT


@given(st.integers(1, 70), st.data())
def test_what_it_proves_it_accepts_and_a_changed_bit_it_refuses(size, data):
    leaves = [tree.leaf_hash(bytes([number])) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(leaves, index)
    root = tree.root_of(leaves)
    assert tree.proves_inclusion(leaf=leaves[index], index=index, size=size, proof=proof, root=root)
    wrong = bytes([root[0] ^ 1]) + root[1:]
    assert not tree.proves_inclusion(leaf=leaves[index], index=index, size=size, proof=proof, root=wrong)
    first = data.draw(st.integers(1, size))
    steps = tree.consistency_proof(leaves, first)
    old = tree.root_of(leaves[:first])
    assert tree.proves_consistency(first=first, second=size, first_root=old, second_root=root, proof=steps)
    assert not tree.proves_consistency(first=first, second=size, first_root=old, second_root=wrong, proof=steps)


def test_proves_nothing_outside_the_tree():
    leaves = [tree.leaf_hash(b"a")]
    with pytest.raises(IndexError):
        tree.inclusion_proof(leaves, 1)
    with pytest.raises(IndexError):
        tree.consistency_proof(leaves, 0)
    with pytest.raises(IndexError):
        tree.consistency_proof(leaves, 2)


def test_the_published_vectors_of_our_ledger_still_hold():
    from tests.architecture.vectors import FILE, made

    assert json.loads(FILE.read_text()) == made()
