import io
import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import random as random_sparse

from mmlearn_edu.checks.wire import MAX_BYTES, Opaque, TooLargeError, arrives, decode, encode

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.complex_numbers(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(plain)
def test_plain_data_comes_back_equal_and_of_the_same_type(value):
    back = decode(encode(value))
    assert type(back) is type(value)
    assert repr(back) == repr(value)  # repr, so that nan is equal to nan


@given(hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)))
def test_arrays_keep_dtype_and_shape(array):
    back = decode(encode(array))
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


@given(hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)), st.sampled_from("CFK"))
def test_arrays_are_written_as_numpy_writes_them(array, order):
    array = np.asarray(array.T if order == "K" else array, order=order)
    file = io.BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=False)
    assert encode(array).endswith(file.getvalue())


@given(plain)
def test_what_is_said_to_arrive_is_the_same_after_a_second_journey(value):
    once = decode(encode(value))
    assert not arrives(value) or encode(once) == encode(value)


@pytest.mark.parametrize("value", [None, 1.5, "words", np.eye(3), [np.eye(3), 2], (1, "a", None), [], np.ones(2)[::-1]])
def test_numbers_texts_and_arrays_of_them_arrive_alone_or_in_a_row(value):
    assert arrives(value)


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1},
        {1, 2},
        [[1]],
        object(),
        np.array([object()]),
        np.float64(1),
        type("Array", (np.ndarray,), {})(2),
        [0] * 60,
        np.broadcast_to(0.0, (2**20,)),
        "x" * 5000,
        1 << 5000,
    ],
    ids=lambda value: type(value).__name__,
)
def test_of_all_else_only_reading_tells(value):
    assert not arrives(value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(24).reshape(2, 3, 4).transpose(2, 1, 0),
        np.arange(10)[::2],
        np.array(3),
        np.empty((0, 3)),
        np.array([], dtype="S0"),
        np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
    ],
    ids=lambda array: f"{array.dtype.kind}{array.shape}",
)
def test_arrays_keep_their_order_and_own_their_memory(array):
    first, second = decode(encode([array, array]))
    assert first.flags.f_contiguous == array.flags.f_contiguous or not array.flags.c_contiguous
    assert first.flags.owndata
    assert first.flags.writeable
    assert not np.shares_memory(first, second)
    np.testing.assert_array_equal(first, array)


def test_a_header_seen_before_helps_no_shorter_array():
    message = encode(np.arange(4.0))
    assert decode(message).tolist() == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="not a message of this checker"):
        decode(message[:-1])


def test_scalars_sparse_and_object_arrays():
    assert isinstance(decode(encode(np.float32(2.5))), np.float32)
    matrix = random_sparse(5, 4, density=0.4, random_state=0)
    np.testing.assert_array_equal(decode(encode(matrix)).toarray(), matrix.toarray())
    assert decode(encode(np.array(["a", None], dtype=object))).tolist() == ["a", None]


def test_what_is_not_plain_arrives_by_name_and_equals_nothing():
    back = decode(encode([object(), len]))
    assert [part.kind for part in back] == ["object", "builtin_function_or_method"]
    assert back[0] != back[0].__class__("object")
    assert isinstance(decode(encode(Opaque("thing"))), Opaque)


def test_a_list_that_holds_itself_ends():
    loop = []
    loop.append(loop)
    assert "list" in repr(decode(encode(loop)))


def test_terabytes_are_refused_before_they_are_copied():
    with pytest.raises(TooLargeError, match=r"shape \(1000000, 1000000\) does not fit"):
        encode(np.broadcast_to(1.0, (10**6, 10**6)))


@given(st.binary(max_size=200))
def test_rubbish_bytes_are_refused_in_words_or_read_as_data(message):
    try:
        decode(message)
    except ValueError:
        return


@pytest.mark.parametrize("tree", ['{"t": "no such"}', '{"t": "array", "i": 7}', '{"t": "dict", "v": 3}', "[1"])
def test_a_forged_tree_is_refused(tree):
    with pytest.raises(ValueError):  # noqa: PT011  (json's own message, or ours)
        decode(struct.pack("<Q", len(tree)) + tree.encode())


def test_an_array_that_would_need_pickle_is_refused():
    import io

    file = io.BytesIO()
    np.save(file, np.array([object()], dtype=object), allow_pickle=True)
    head = b'{"t": "array", "i": 0}'
    with pytest.raises(ValueError, match="dtype object"):
        decode(struct.pack("<Q", len(head)) + head + file.getvalue())


def test_the_limit_is_generous_for_an_answer():
    assert MAX_BYTES >= 8 * 5000 * 5000


@pytest.mark.parametrize("descr", ["<f8", "|S0", "<U0", "|V0"])  # of no width: NumPy makes one byte each of some
def test_a_header_that_promises_terabytes_is_refused(descr):
    import io

    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"shape": (10**12,), "fortran_order": False, "descr": descr})
    head = b'{"t": "array", "i": 0}'
    with pytest.raises(ValueError, match=r"an array of shape \(1000000000000,\)"):
        decode(struct.pack("<Q", len(head)) + head + file.getvalue())


@pytest.mark.parametrize("shape", ["(3)", "(03,)", "(3, -1)", "(3,,)", "3", "(3, 4,)", f"(1{'0' * 40},)"])
def test_a_header_of_an_odd_shape_is_refused(shape):
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (64 - (10 + len(text) + 1) % 64) + b"\n"
    head = b'{"t": "array", "i": 0}'
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(24)
    with pytest.raises(ValueError, match=r"not a message|header|shape|negative dimensions"):
        decode(struct.pack("<Q", len(head)) + head + array)


def test_what_is_written_does_not_depend_on_what_was_written_before():
    noted = np.ones(3, np.dtype("f4", metadata={"a": 1}))
    encode(np.ones(3, "f4"))
    with pytest.warns(UserWarning, match="metadata"):
        encode(noted)
    assert not arrives(noted)


@pytest.mark.parametrize("index", [10**6, -5])
def test_a_sparse_matrix_with_an_index_out_of_range_is_refused(index):
    broken = random_sparse(4, 4, density=0.5, format="csr", random_state=0)
    broken.indices[0] = index
    with pytest.raises(ValueError, match="ind"):
        decode(encode(broken))


@pytest.mark.parametrize(
    "tree",
    [
        {"t": "dict", "v": [[{"t": "int", "v": hex(k * (2**61 - 1))}, None] for k in range(1, 3000)]},
        {"t": "set", "v": [{"t": "int", "v": hex(k * (2**61 - 1))} for k in range(1, 3000)]},
        {"t": "dict", "v": [7]},
    ],
    ids=["dict", "set", "no pairs"],
)
def test_thousands_of_numbers_that_may_collide_are_refused(tree):
    header = json.dumps(tree).encode()
    with pytest.raises(ValueError, match="not a message"):
        decode(struct.pack("<Q", len(header)) + header)


@pytest.mark.parametrize("shape", [b"(20, 77), }      }", b"(20,", b"(20, '", b"(20, 77), \0}"])
def test_a_header_that_no_parser_reads_is_no_message(shape):
    text = b"{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + b"\n"
    header = json.dumps({"t": "array", "i": 0}).encode()
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text
    with pytest.raises(ValueError):  # noqa: PT011  (NumPy's own words, some of them)
        decode(struct.pack("<Q", len(header)) + header + array)


def test_many_words_are_no_attack():
    words = {f"word {i}": i for i in range(5000)}
    assert decode(encode(words)) == words
