"""Turn a `World` into records."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from . import building_items
from .platform import datasets, storage, workflow
from .platform.holdings import Integration
from .platform.identifiers import identifier
from .platform.records import Ontology, Pathway, Project, Stage
from .platform.refusals import Exists, Invalid
from .platform.store import Store
from .world import DatasetSpec, FolderSpec, Named, OntologySpec, ProjectSpec, StageSpec, World, WorldIds

OWNER = "owner@twin.local"


def build(store: Store, world: World) -> WorldIds:
    """Add a world to the store, all or nothing, and say which UUIDs its things got."""
    ids = _identify(world)
    _check(store, world, ids)
    store.users.update(world.keys)
    for spec in world.integrations:
        uuid = ids.integrations[spec.title]
        store.integrations[uuid] = Integration(uuid, spec.title, spec.client_only)
    for folder in world.folders:
        _build_folder(store, folder, ids)
    for ontology in world.ontologies:
        _build_ontology(store, ontology, ids)
    for dataset in world.datasets:
        made = datasets.create_dataset(store, dataset.title, uuid=ids.datasets[dataset.title])
        made.members = _members(dataset.members)
    for project in world.projects:
        _build_project(store, project, ids)
    for dataset in world.datasets:
        _link_folders(store, dataset, ids)
    return ids


def _identify(world: World) -> WorldIds:
    return WorldIds(
        integrations=_titles("integration", world.integrations),
        folders=_titles("folder", world.folders),
        ontologies=_titles("ontology", world.ontologies),
        datasets=_titles("dataset", world.datasets),
        projects=_titles("project", world.projects),
        stages={project.title: _titles("stage", project.stages, project.title) for project in world.projects},
        pathways={project.title: dict(_pathways(project)) for project in world.projects},
    )


def _titles(kind: str, specs: Iterable[Named], *scope: str) -> dict[str, UUID]:
    return {spec.title: spec.uuid or identifier(kind, *scope, spec.title) for spec in specs}


def _pathways(project: ProjectSpec) -> Iterator[tuple[str, dict[str, UUID]]]:
    for stage in project.stages:
        if stage.pathways:
            uuids = {name: identifier("pathway", project.title, stage.title, name) for name in stage.pathways}
            yield stage.title, uuids


def _check(store: Store, world: World, ids: WorldIds) -> None:
    known = store.integrations.keys() | store.folders.keys() | store.ontologies.keys()
    known |= store.datasets.keys() | store.projects.keys()
    kinds = (ids.integrations, ids.folders, ids.ontologies, ids.datasets, ids.projects)
    if taken := [title for kind in kinds for title, uuid in kind.items() if uuid in known]:
        raise Exists(f"built before: {', '.join(taken)}")
    wanted = [(title, ids.folders) for dataset in world.datasets for title in dataset.folders]
    wanted += [(folder.integration, ids.integrations) for folder in world.folders if folder.integration]
    for project in world.projects:
        wanted += [(project.ontology, ids.ontologies), *((title, ids.datasets) for title in project.datasets)]
    if dangling := [title for title, kind in wanted if title not in kind]:
        raise Invalid(f"nothing has the title {dangling[0]!r}")
    above: set[str] = set()
    for folder in world.folders:
        if folder.parent is not None and folder.parent not in above:
            raise Invalid(f"folder {folder.title!r} must come after its parent {folder.parent!r}")
        above.add(folder.title)


def _build_folder(store: Store, spec: FolderSpec, ids: WorldIds) -> None:
    parent = ids.folders[spec.parent] if spec.parent else None
    folder = storage.create_folder(store, spec.title, OWNER, uuid=ids.folders[spec.title], parent=parent)
    integration = next(iter(store.integrations.values()), None)
    if spec.integration is not None:
        integration = store.integrations[ids.integrations[spec.integration]]
    for item in spec.items:
        building_items.add(store, folder, integration, item)


def _build_ontology(store: Store, spec: OntologySpec, ids: WorldIds) -> None:
    uuid = ids.ontologies[spec.title]
    store.ontologies[uuid] = Ontology(uuid, spec.title, store.now(), spec.editor, frozenset(_features(spec.editor)))


def _features(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if "featureNodeHash" in node:
            yield node["featureNodeHash"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _features(child)


def _build_project(store: Store, spec: ProjectSpec, ids: WorldIds) -> None:
    uuids = ids.stages[spec.title]
    project = Project(
        uuid=ids.projects[spec.title],
        title=spec.title,
        created_at=store.now(),
        ontology=ids.ontologies[spec.ontology],
        datasets=[ids.datasets[title] for title in spec.datasets],
        stages={uuids[stage.title]: _stage(spec, stage, ids) for stage in spec.stages},
        first=uuids[spec.first or spec.stages[0].title],
        members=_members(spec.members),
    )
    store.projects[project.uuid] = project
    for uuid in project.datasets:
        for row in store.datasets[uuid].rows.values():
            workflow.start_task(store, project, row)


def _members(emails: list[str] | None) -> set[str] | None:
    return None if emails is None else set(emails)


def _stage(project: ProjectSpec, spec: StageSpec, ids: WorldIds) -> Stage:
    uuids = ids.stages[project.title]
    ways = ids.pathways[project.title].get(spec.title, {})
    return Stage(
        uuid=uuids[spec.title],
        type=spec.type,
        title=spec.title,
        pathways=[Pathway(ways[name], name, uuids[to]) for name, to in spec.pathways.items()],
        next=uuids[spec.next] if spec.next else None,
        rejected=uuids[spec.rejected] if spec.rejected else None,
        annotators=tuple(spec.annotators),
        shares={uuids[title]: share for title, share in spec.shares.items()},
        users={user: uuids[title] for user, title in spec.users.items()},
        notify=spec.notify.meant() if spec.notify else None,
    )


def _link_folders(store: Store, spec: DatasetSpec, ids: WorldIds) -> None:
    for title in spec.folders:
        items = list(store.folder(ids.folders[title]).items.values())
        datasets.link_items(store, store.dataset(ids.datasets[spec.title]), items, "SKIP")
