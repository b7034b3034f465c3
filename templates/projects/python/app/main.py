from fastapi import FastAPI, HTTPException
from rq.exceptions import NoSuchJobError
from rq.job import Job

from .queue import queue, redis
from .tasks import square

app = FastAPI(title="API with a queue")


@app.get("/")
def front() -> dict:
    return {"waiting": len(queue)}


@app.post("/jobs", status_code=202)
def begin(number: int) -> dict:
    return shown(queue.enqueue(square, number, result_ttl=3600))


@app.get("/jobs/{job_id}")
def look(job_id: str) -> dict:
    try:
        return shown(Job.fetch(job_id, connection=redis))
    except NoSuchJobError:
        raise HTTPException(404, "no such job")


@app.get("/health")
def health() -> dict:
    redis.ping()
    return {"ok": True}


def shown(job: Job) -> dict:
    return {"id": job.id, "status": job.get_status(), "result": job.return_value()}
