"""A draw from its plan to the outsider who verifies it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.matching.drawing import script
from tests.libraries.people import API, CENTRE, LEADER
from tests.matching.draws.scene import COMMITTEE, STATION, Scene


async def test_a_draw_goes_from_plan_to_a_bundle_that_an_outsider_verifies(
    scene: Scene, tmp_path: Path
) -> None:
    await scene.plan()
    frozen = await scene.freeze()
    seen = await scene.send(None, "GET", f"{API}/public/draws/{frozen['id']}")
    root = seen.json()["root"]
    assert (root, frozen["qualified"]) == (frozen["root"], 15)

    for who, party in ((CENTRE, "operator"), (COMMITTEE, "witness")):
        await scene.step(who, "commit", hash=scene.promise(party))
    await scene.step(COMMITTEE, "reveal", nonce=scene.numbers["witness"])
    drawn = await scene.step(CENTRE, "reveal", nonce=scene.numbers["operator"])
    assert drawn["state"] == "drawn"
    people = await scene.people(LEADER)
    assert len(people["members"]) == 5
    assert len(people["alternates"]) == 3
    assert sum("technical" in one["strata"] for one in people["members"]) >= 3
    assert any("finance" in one["strata"] for one in people["members"])
    assert any("offsite" in one["strata"] for one in people["members"])
    assert len({one["organisation"] for one in people["members"]}) == 5

    await scene.step(LEADER, "release")
    published = await scene.step(CENTRE, "publish")
    assert published["state"] == "published"
    public = (await scene.send(None, "GET", f"{API}/public/draws/{frozen['id']}")).json()
    bundle = await scene.send(None, "GET", public["bundle_url"])
    script = await scene.send(None, "GET", public["verifier_url"])
    (tmp_path / "bundle.json").write_bytes(bundle.content)
    (tmp_path / "verify_draw.py").write_bytes(script.content)
    ran = _run(tmp_path, "bundle.json", "--root", root)
    assert ran.returncode == 0, ran.stdout
    assert "FAILED" not in ran.stdout
    wrong = _run(tmp_path, "bundle.json", "--root", "0" * 63 + "1")
    assert wrong.returncode == 1
    assert _members(json.loads(bundle.content)) == [one["pseudonym"] for one in people["members"]]
    named = {one["pseudonym"]: one["name"] for one in public["result"]}
    told = {one["pseudonym"]: one["name"] for one in people["members"] + people["alternates"]}
    agreed = {expert["name"] for expert in scene.experts[1::2]}
    assert named == {p: name if name in agreed else None for p, name in told.items()}


def _run(folder: Path, *given: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-I", "verify_draw.py", *given],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )


def _members(bundle: dict[str, Any]) -> list[str]:
    return list(bundle["result"]["members"])


async def test_the_requester_learns_the_result_when_it_is_released(scene: Scene) -> None:
    await scene.plan()
    await scene.hold()
    waiting = await scene.send(STATION, "GET", f"{scene.path}/people")
    assert waiting.status_code == 403
    assert "放行" in waiting.json()["detail"]
    await scene.step(LEADER, "release")
    assert len((await scene.people(STATION))["members"]) == 5


async def test_a_void_draw_tells_nobody_more_than_before_but_can_be_checked(scene: Scene) -> None:
    await scene.plan()
    await scene.hold()
    before = await scene.people()
    await scene.step(LEADER, "void", reason="申报材料有误，论证改期")
    for path in ("/people", "/bundle.json"):
        refused = await scene.send(STATION, "GET", f"{scene.path}{path}")
        assert refused.status_code == 403
        assert "作废" in refused.json()["detail"]
    told = await scene.course(STATION)
    assert "seated" not in {one["kind"] for one in told["events"]}
    for who in (CENTRE, COMMITTEE, LEADER):
        assert await scene.people(who) == before
    public = (await scene.send(None, "GET", f"{API}/public/draws/{scene.draw['id']}")).json()
    assert public["result"] is None
    bundle = await scene.send(None, "GET", public["bundle_url"])
    assert script.accepts(bundle.content, [public["root"], public["digest"]])
    for one in scene.experts:
        assert one["name"] not in bundle.text
        assert one["name"] not in str(public)


async def test_what_the_requester_was_told_stays_told_after_a_void(scene: Scene) -> None:
    await scene.plan()
    await scene.release()
    await scene.step(LEADER, "void", reason="申报材料有误，论证改期")
    assert len((await scene.people(STATION))["members"]) == 5
