"""How a sign-in by a provider comes to nothing, whoever is at fault."""


class ProviderRefused(Exception):
    """A sign-in by a provider came to nothing; each kind has its page."""


class ProviderDown(ProviderRefused):
    """The provider does not answer, or says itself that it is broken."""


class AnswerRefused(ProviderRefused):
    """What the provider said does not hold, or is no answer to what was asked."""


class StateLost(ProviderRefused):
    """This browser has begun no such sign-in, it was finished before, or it took too long."""
