"""An editor agent as users of encord-agents write it, served on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_server
from typing import Annotated

import numpy as np
import uvicorn
from encord.objects.ontology_labels_impl import LabelRowV2
from encord.project import Project
from encord_agents.core.data_model import EditorAgentResponse, FrameData
from encord_agents.fastapi import EncordEditorAgentException, dep_label_row, dep_single_frame, get_encord_app
from encord_agents.fastapi.dependencies import dep_project
from fastapi import Depends, FastAPI
from numpy.typing import NDArray
from starlette.types import ASGIApp

from sandbox import serving

from .agents import classify, pathway_of

HOST = "127.0.0.1"


def build() -> FastAPI:
    """Three agents: one labels the frame, one measures its pixels, one always declines."""
    app = get_encord_app()

    @app.post("/label")
    def label(
        frame_data: FrameData,
        row: Annotated[LabelRowV2, Depends(dep_label_row)],
        project: Annotated[Project, Depends(dep_project)],
    ) -> None:
        assert frame_data.data_hash is not None
        classify(project, row, pathway_of(row))
        row.save()

    @app.post("/measure")
    def measure(frame: Annotated[NDArray[np.uint8], Depends(dep_single_frame)]) -> EditorAgentResponse:
        return EditorAgentResponse(message=f"{frame.shape[1]} by {frame.shape[0]}")

    @app.post("/decline")
    def decline() -> None:
        raise EncordEditorAgentException("Draw a box first.")

    return app


@contextmanager
def served(app: ASGIApp) -> Iterator[int]:
    """Serve until the block ends; the port is what the command line tool wants to know."""
    with create_server((HOST, 0)) as listener:
        config = uvicorn.Config(
            app, log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=0
        )
        with serving.served(config, listener, "editor-app"):
            yield listener.getsockname()[1]
