from pipeline.running import hash_code


def test_what_python_compiles_is_no_change_of_the_code(tmp_path):
    (tmp_path / "readers").mkdir()
    (tmp_path / "readers" / "word.py").write_text("pass\n")
    before = hash_code(tmp_path)
    cache = tmp_path / "readers" / "__pycache__"
    cache.mkdir()
    (cache / "word.cpython-311.pyc").write_bytes(b"compiled")
    assert hash_code(tmp_path) == before
    (tmp_path / "readers" / "word.py").write_text("...\n")
    assert hash_code(tmp_path) != before
