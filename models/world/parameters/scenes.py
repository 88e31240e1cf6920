"""Parameters of the world's scenes: how many, how large, and how well a satellite and a drone see them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """What depends on the size of a world."""

    zones: int
    """Scenes of artisanal and illegal sites."""
    look_alikes: int
    """Scenes without mining."""
    legal_mines: int
    months: int
    """Length of a stack; it ends with the world's last month."""
    pixels: int
    """Usual side of a scene; a site that does not fit has a larger one."""
    largest_pixels: int
    """Largest side of a scene; sites that do not fit have none."""
    hyperspectral: int
    """Scenes with a hyperspectral cube."""
    drone: int
    """Scenes with a drone mosaic."""
    drone_side_m: int


@dataclass(frozen=True)
class Scenes:
    """Parameters of the world's scenes."""

    small: Counts = Counts(2, 2, 0, 24, 48, 180, 1, 1, 120)
    medium: Counts = Counts(12, 10, 4, 60, 96, 192, 3, 2, 240)
    large: Counts = Counts(24, 20, 8, 96, 96, 192, 6, 4, 240)

    families: tuple[str, ...] = ("gold", "tin", "tantalum", "cobalt", "copper", "nickel", "bauxite", "sand")
    """Families that are dug in open pits or ponds."""
    look_alikes: tuple[str, ...] = ("river_bank", "farm_clearing", "landslide", "pond")
    """Kinds without mining, taken in turn."""
    pixel_m: float = 10.0
    margin: int = 8
    """Pixels around a scene that are simulated and cut off, so that blur and shift have something to draw on."""
    fill: float = 0.35
    """Largest share of a scene that open ground may take."""
    least_ha: float = 1.0
    """Sites that never had this much open ground during the stack have no scene."""
    least_share: float = 0.25
    """Sites that worked in a smaller share of the stack's months have no scene."""
    off_centre: float = 0.04
    """A site lies up to this share of the side away from the centre of its scene."""
    edge: float = 0.10
    """The centre of a month's work stays this share of the side away from the edge of the scene."""
    preferred: float = 1.25
    """Sites are drawn among those whose scenes have up to this multiple of the usual side, and only where these are too
    few, in the order of their size among larger ones."""
    lead_months: int = 60
    """How long before the stack the work of a site is looked at: scars of these years are still visible."""
    apart_deg: float = 0.1
    """Look-alikes keep this far from every site."""
    mixed_chance: float = 0.4
    """Chance that a scene of a zone holds a farm clearing too."""

    # land
    brightness_sd: float = 0.07
    """Standard deviation of the natural log of a pixel's brightness."""
    tilt_sd: float = 0.04
    """Standard deviation of a pixel's spectral slope: relative change of reflectance over 1000 nm."""
    regrowth_months: float = 30.0
    """Months until 63 % of abandoned ground is covered by plants."""

    # optical
    psf_sd_px: tuple[float, float] = (0.45, 0.9)
    """Point-spread function, Gaussian: standard deviation in 10 m pixels of bands of 10 m and of 20 m."""
    shift_mean_px: float = 0.35
    """Mean misregistration of a month; it stays between 0 and 1 pixel."""
    gain_sd: float = 0.025
    """Error of a date's atmospheric correction that multiplies."""
    haze_sd: float = 0.006
    """Error of a date's atmospheric correction that adds, at 490 nm; it falls with the wavelength."""
    noise_floor: float = 0.0015
    noise_share: float = 0.008
    """Noise of a pixel has the standard deviation noise_floor + noise_share x reflectance."""
    edge_chance: float = 0.15
    """Chance that the edge of the swath crosses a scene, in every second month."""

    # clouds
    cloud_dry: float = 0.12
    cloud_wet: float = 0.65
    """Mean share of sky under cloud on the dates of the driest and the wettest month."""
    cloud_spread: float = 1.1
    """Concentration of the beta distribution of a date's share: near 1, dates are nearly clear or nearly covered."""
    cirrus_chance: float = 0.25
    """Chance of thin, half transparent cloud on a date."""
    cloud_base_m: tuple[float, float] = (600.0, 3000.0)
    """Height of clouds above ground, from which the displacement of their shadows follows."""
    omission: float = 0.06
    """Share of opaque cloud that the mask misses."""
    thin_omission: float = 0.45
    """Share of thin cloud that the mask misses."""
    shadow_omission: float = 0.15
    commission: float = 0.02
    """Share of clear ground, away from clouds and shadows, that the mask calls cloud."""
    bright_commission: float = 0.20
    """The same share on bright bare ground, which detectors of clouds often mistake: sand, heaps, tailings."""
    dark_commission: float = 0.08
    """Share of dark clear ground, mostly water, that the mask calls shadow."""
    buffer_px: int = 2
    """Width that the mask adds around clouds and shadows."""

    # radar
    looks: float = 4.4
    """Equivalent number of looks: squared mean over variance of a uniform surface (Sentinel-1 GRD, IW)."""
    speckle_correlation: float = 0.4
    """Correlation of the speckle of neighbouring pixels, before it is given its gamma distribution."""
    noise_power: float = 0.0025
    """Thermal noise in linear power (-26 dB)."""
    radar_gap_chance: float = 0.04
    """Chance that a month has no radar acquisition."""

    # hyperspectral
    cube_step_nm: float = 16.0
    """Distance of band centres; bands inside the atmosphere's water bands are left out."""
    cube_pixel_m: float = 30.0
    cube_snr: tuple[float, float] = (350.0, 110.0)
    """Signal to noise at reflectance 0.3: at 550 nm and at 2200 nm."""

    # drone
    drone_pixel_m: float = 0.5
    drone_gain: tuple[float, float] = (38_000.0, 52_000.0)
    """Digital numbers per unit of reflectance, by band within these bounds."""
    drone_offset: tuple[float, float] = (300.0, 2_500.0)
    drone_noise_dn: float = 120.0
    drone_shift_m: float = 2.5
    """Largest error of the mosaic's position in x and in y."""
    panels: tuple[float, ...] = (0.04, 0.20, 0.52)
    """Reflectance of the grey reference panels."""
    panel_side_m: float = 3.0

    def sized(self, size: str) -> Counts:
        """What a size asks for."""
        return {"small": self.small, "medium": self.medium, "large": self.large}[size]
