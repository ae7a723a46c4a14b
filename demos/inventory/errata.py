"""What is wrong in the five documents: 55 errata, each with the section where it stands and a title."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Erratum(NamedTuple):
    """Where it stands, and what is wrong, in a few words. A section of '' is no numbered one: slides, a summary."""

    section: str
    title: str


ERRATA: Mapping[str, Erratum] = MappingProxyType(
    {
        "000-1": Erratum("2", "the gradient lacks one of its four components"),
        "000-2": Erratum("4", "the listing uses w_out after it has updated it"),
        "000-3": Erratum("4", "the loop keeps the first a1 in all iterations"),
        "000-4": Erratum("4", "the final prediction is that before the last update"),
        "000-5": Erratum("4", "a page break took the indentation of the updates"),
        "000-6": Erratum("4", "½(ŷ - y)² is called the mean squared error"),
        "001-1": Erratum("1.1.3", "the derivative of the sigmoid"),
        "001-2": Erratum("1.2.1", "b takes a mean, W takes a sum: two learning rates"),
        "001-3": Erratum("1.2.1", "the derivative of the squared error lacks 2/n"),
        "001-4": Erratum("[11]", "the map of decisions is reflected in its diagonal"),
        "001-5": Erratum("1.2.1", "∂C/∂w takes the output of a layer, not its input"),
        "001-6": Erratum("1.2.1", "W·δ: the order of the product does not fit rows"),
        "001-7": Erratum("1.1.1", "factor is called the distance between the circles"),
        "001-8": Erratum("[11]", "the output that is shown is older than the update"),
        "002-1": Erratum("3.4", "steepest where the cosine is 0"),
        "002-2": Erratum("3.4", "the lengths ‖∇f‖ and ‖v‖ are called unit vectors"),
        "002-3": Erratum("3.5", "w2 is updated with the derivative for w1"),
        "002-4": Erratum("3.5", "a sum of squares is called the mean squared error"),
        "002-5": Erratum("3.5", "the theory has 2(ŷ - y), the listings (ŷ - y)"),
        "002-6": Erratum("4.1", "an error in the listing is not the one it computes"),
        "002-7": Erratum("4.1", "the best line is not reached"),
        "002-8": Erratum("4.1", "the text scales inputs, the listing outputs too"),
        "002-9": Erratum("4.1", "float() of an array of one number is refused now"),
        "002-10": Erratum("4.3", "five hidden nodes in the text, three in the listing"),
        "002-11": Erratum("4.3", "the error after 1000 epochs is said to be 0"),
        "002-12": Erratum("4.3", "sigmoidderiv is used and not defined"),
        "002-13": Erratum("4.3", "the backward pass of SGD stands outside its loop"),
        "002-14": Erratum("4.3", "an epoch's error is summed while the weights change"),
        "002-15": Erratum("3.5", "Wih1 is given the shape 1 × 5"),
        "002-16": Erratum("3.5", "the input is written as a column"),
        "002-17": Erratum("3.6", "σ' is said to be almost 0, and then to be 0"),
        "002-18": Erratum("3.6", "σ' is said to vanish for small numbers"),
        "002-19": Erratum("3.6", "leaky ReLU: a larger α is said to give more"),
        "002-20": Erratum("3.6", "ReLU is x from 0 on: the slope at 0 is open"),
        "002-21": Erratum("3.3", "x·w + b is called linear; layers are mixed up"),
        "002-22": Erratum("3.7", "gradient descent is said never to oscillate"),
        "002-23": Erratum("3.7", "momentum: the gradient of the step before"),
        "002-24": Erratum("3.8", "dropout lacks its scale; stopping looks at the test"),
        "002-25": Erratum("3.9", "the convolution does not turn its kernel"),
        "002-26": Erratum("4.4", "the listing's penalty is in no text; 95 %, 96 %"),
        "002-27": Erratum("4.2", "two models said, three shown; numbers of sections"),
        "003-1": Erratum("", "dJ/dw of layer 1 has z where dJ/dy belongs"),
        "003-2": Erratum("", "dJ/db of layer 1 has the same mistake"),
        "003-3": Erratum("", "ŷ is .522 only because z was rounded before"),
        "003-4": Erratum("", "roundings pile up in the derivatives"),
        "003-5": Erratum("", "0,879(1 - 0,878) = 0,106"),
        "003-6": Erratum("", "the summary lacks brackets around dY ⊙ g'(z)"),
        "003-7": Erratum("", "1 / 1+e^(-1,98) lacks its brackets"),
        "004-1": Erratum("", "f(0) = 0, where the step is 1 at 0"),
        "004-2": Erratum("", "Hebb's rule does not learn to classify the points"),
        "004-3": Erratum("", "the exercise fails with the step as defined"),
        "004-4": Erratum("", "Adam without the correction of its bias"),
        "004-5": Erratum("", "the derivative of the squared error lacks 1/n"),
        "004-6": Erratum("", "the ranges of sigmoid and tanh are closed"),
        "004-7": Erratum("", "∂L/∂W is an outer product; a minus is missing"),
    }
)
