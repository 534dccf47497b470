"""An expected refusal: a step that cannot be taken, said in a sentence fit for the screen."""


class StepRefused(Exception):  # noqa: N818 - a refusal is an outcome of the field, not an error
    """A step was refused for a reason a person can understand and act on.

    Subclasses stand above the step that raises them and carry one German sentence; `ui.refusals`
    shows it, once, for all views, and the command line prints it without a traceback.
    """

    sentence = "Das geht im Moment nicht."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)
        if sentence:
            self.sentence = sentence
