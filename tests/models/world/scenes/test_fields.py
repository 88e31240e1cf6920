import numpy as np
import pytest

from models.world.scenes.fields import patches, softmax, step


@pytest.mark.parametrize("shape", [(32, 32), (31, 45), (64, 20)])
def test_patches_have_mean_0_and_variance_1(shape):
    fields = patches(np.random.default_rng(1), 400, shape, 5.0, 1.4)
    assert fields.shape == (400, *shape)
    assert fields.dtype == np.float32
    assert np.mean(fields) == pytest.approx(0.0, abs=1e-5)
    assert np.var(fields) == pytest.approx(1.0, rel=0.03)


def test_larger_patches_are_more_alike_nearby():
    small, large = (patches(np.random.default_rng(1), 50, (48, 48), length, 2.0) for length in (2.0, 20.0))
    alike = [np.mean(field[:, :, 3:] * field[:, :, :-3]) for field in (small, large)]
    assert alike[0] < 0.5 < alike[1]


def test_softmax_shares_sum_to_1():
    shares = softmax(np.array([[0.0, 800.0], [np.log(3.0), -800.0]]))
    assert shares.tolist() == [pytest.approx([0.25, 1.0]), pytest.approx([0.75, 0.0])]


def test_step_runs_from_minus_1_to_1():
    assert step(np.array([-3.0, -1.0, 0.0, 1.0, 3.0])).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
