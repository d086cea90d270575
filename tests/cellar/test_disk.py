"""A full disk stops new orders before it stops callbacks, and SQLite is not trusted to a network."""

import pytest

from app import disk
from app.config import ConfigError

MOUNTS = """sysfs /sys sysfs rw 0 0
/dev/vda / ext4 rw 0 0
server:/srv /srv/shop nfs4 rw 0 0
/dev/vdb /srv/shop/local\\040disk xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/shop/shop.sqlite3", "ext4"),
        ("/srv/shop/instance/shop.sqlite3", "nfs4"),
        ("/srv/shopping/shop.sqlite3", "ext4"),
        ("/srv/shop/local disk/shop.sqlite3", "xfs"),
    ],
)
def test_it_knows_what_lies_under_a_file(path, kind):
    assert disk.file_system(path, MOUNTS) == kind


def test_a_database_on_a_network_is_refused(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x {tmp_path} nfs rw 0 0\n")
    monkeypatch.setattr(disk, "MOUNTS", mounts)
    with pytest.raises(ConfigError, match="network file system"):
        disk.refuse_network(tmp_path / "shop.sqlite3")
    disk.refuse_network(None)
